/**
 * What an inbox record says and whether it may enter the log. Pure: knows no consumer, no topic, no
 * clock.
 */
@NullMarked
package dev.eddy.ingest.envelope;

import org.jspecify.annotations.NullMarked;
