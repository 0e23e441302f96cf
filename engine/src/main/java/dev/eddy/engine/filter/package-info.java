/**
 * Evaluating filters exactly on payloads. It must not know where payloads are stored or how vectors
 * are searched.
 */
@NullMarked
package dev.eddy.engine.filter;

import org.jspecify.annotations.NullMarked;
