/** A library for Java producers of points. Knows only the envelope's form. */
@NullMarked
package dev.eddy.ingest.producer;

import org.jspecify.annotations.NullMarked;
