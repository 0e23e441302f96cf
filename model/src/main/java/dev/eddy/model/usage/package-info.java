/** What a request made the machine do. */
@NullMarked
package dev.eddy.model.usage;

import org.jspecify.annotations.NullMarked;
