/** What things are. */
@NullMarked
package dev.eddy.model;

import org.jspecify.annotations.NullMarked;
