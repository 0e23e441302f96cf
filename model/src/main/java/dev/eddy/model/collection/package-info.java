/**
 * What a collection is: its vectors, shards, configuration and name. Knows no placement and no
 * topic.
 */
@NullMarked
package dev.eddy.model.collection;

import org.jspecify.annotations.NullMarked;
