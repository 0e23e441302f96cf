package dev.eddy.model.query;

import dev.eddy.model.json.JsonValue;

/**
 * A value and how many points have it.
 *
 * @param value a string, an integer or a boolean
 */
public record FacetHit(JsonValue value, long count) {}
