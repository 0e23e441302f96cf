package dev.eddy.query.rest.error;

/**
 * A refused or failed request as HTTP tells it.
 *
 * @param retryAfterSeconds 0 = say nothing about it
 */
public record Problem(int status, String text, int retryAfterSeconds) {}
