package dev.eddy.query.collection;

/** Another name for a collection. */
public record CollectionAlias(String alias, String collection) {}
