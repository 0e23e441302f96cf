package dev.eddy.model.collection;

import dev.eddy.model.json.KeyPath;

/**
 * One change of what a collection's points are made of. Each is idempotent: to declare the same
 * again, or to drop what is not there, changes nothing.
 */
public sealed interface Declaration {
  /** Declares a payload field, in the place of what it was declared as. */
  record DeclareField(KeyPath field, FieldIndex index) implements Declaration {}

  /** The field is like any other again. */
  record DropField(KeyPath field) implements Declaration {}

  /** Points may have a vector of this name from here on. */
  record AddVector(String name, VectorParams params) implements Declaration {}

  /** The same of sparse vectors. */
  record AddSparseVector(String name, SparseVectorParams params) implements Declaration {}

  /** The name and every vector of it go. */
  record DropVector(String name) implements Declaration {}
}
