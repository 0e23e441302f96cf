package dev.eddy.query.read;

/** A value and what it covers. */
public record Answer<T>(T value, Coverage coverage) {}
