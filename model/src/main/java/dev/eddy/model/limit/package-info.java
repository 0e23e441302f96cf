/**
 * What a node takes at its doors: which limits there are, and what they are set to. Checks none.
 */
@NullMarked
package dev.eddy.model.limit;

import org.jspecify.annotations.NullMarked;
