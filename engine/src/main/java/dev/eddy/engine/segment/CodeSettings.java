package dev.eddy.engine.segment;

import dev.eddy.engine.quantization.CodeWidth;

/**
 * By what rows are searched for instead of by themselves.
 *
 * @param width bits of a number
 * @param inMemory whether codes of sealed segments are on the heap, too; else they are mapped, as
 *     their rows are
 */
public record CodeSettings(CodeWidth width, boolean inMemory) {}
