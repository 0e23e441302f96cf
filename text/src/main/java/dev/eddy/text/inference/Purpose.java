package dev.eddy.text.inference;

/** What a vector is made for: models may weigh a query otherwise than what it is to find. */
public enum Purpose {
  /** To be stored with a point. */
  STORED,
  /** To be compared with stored vectors. */
  ASKED
}
