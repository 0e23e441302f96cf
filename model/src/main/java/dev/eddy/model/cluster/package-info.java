/**
 * What the metadata says: collections, generations, aliases, placement, nodes. Knows no Kafka and
 * no encoding.
 */
@NullMarked
package dev.eddy.model.cluster;

import org.jspecify.annotations.NullMarked;
