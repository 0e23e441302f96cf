package dev.eddy.model.query;

/** A value of a field that points are ordered by. Values of one order are of one kind. */
public sealed interface OrderValue extends Comparable<OrderValue> {

  /** An integer; of a date-time its microseconds since 1970 UTC. */
  record Whole(long value) implements OrderValue {
    @Override
    public double asDouble() {
      return value;
    }
  }

  /** Finite. */
  record Real(double value) implements OrderValue {
    @Override
    public double asDouble() {
      return value;
    }
  }

  double asDouble();

  @Override
  default int compareTo(OrderValue other) {
    return this instanceof Whole(long mine) && other instanceof Whole(long theirs)
        ? Long.compare(mine, theirs)
        // Both zeros are one value.
        : Double.compare(asDouble() + 0.0, other.asDouble() + 0.0);
  }
}
