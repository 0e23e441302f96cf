/**
 * The filter language as a sealed tree. Knows its meaning in words; evaluating it is the engine's
 * business.
 */
@NullMarked
package dev.eddy.model.filter;

import org.jspecify.annotations.NullMarked;
