/**
 * How a node and its cluster are doing, for the operators and probes of every edge: one model,
 * which each transport writes in its own form. Knows no transport.
 */
@NullMarked
package dev.eddy.query.service;

import org.jspecify.annotations.NullMarked;
