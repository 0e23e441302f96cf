/**
 * What this node takes of any request, whatever the collection allows. Knows the model and the
 * services that it stands before, no transport.
 */
@NullMarked
package dev.eddy.query.limit;

import org.jspecify.annotations.NullMarked;
