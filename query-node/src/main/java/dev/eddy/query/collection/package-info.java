/** What can be asked and changed of collections as a whole. Knows no transport. */
@NullMarked
package dev.eddy.query.collection;

import org.jspecify.annotations.NullMarked;
