/** JSON values with full fidelity and their text form. Knows nothing of points or collections. */
@NullMarked
package dev.eddy.model.json;

import org.jspecify.annotations.NullMarked;
