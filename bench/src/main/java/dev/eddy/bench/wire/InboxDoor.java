package dev.eddy.bench.wire;

import dev.eddy.bench.data.VectorFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A plain Kafka producer that fills the inbox as fast as it can. */
public final class InboxDoor implements Door {
  private final Inbox inbox;
  private final String collection;

  /** Sends through this producer, which is closed with the door. */
  public InboxDoor(Inbox inbox, String collection) {
    this.inbox = inbox;
    this.collection = collection;
  }

  @Override
  public String name() {
    return "inbox";
  }

  @Override
  public int senders() {
    return 1;
  }

  @Override
  public Batch prepare(VectorFile rows, int from, int to) {
    List<Inbox.Envelope> envelopes = new ArrayList<>(to - from);
    for (int row = from; row < to; row++) {
      envelopes.add(Inbox.envelope(collection, row, rows.row(row)));
    }
    return () -> envelopes.forEach(inbox::send);
  }

  @Override
  public void finish() throws IOException {
    inbox.flush();
    if (inbox.failures() > 0) {
      throw new IOException(inbox.failures() + " records were not acknowledged");
    }
  }

  @Override
  public void close() {
    inbox.close();
  }
}
