/**
 * One command per benchmark: what it does, and the row it prints. Nothing else may know commands.
 */
@NullMarked
package dev.eddy.bench.command;

import org.jspecify.annotations.NullMarked;
