package dev.eddy.ingest.inbox;

import dev.eddy.ingest.deadletter.DeadLetter;
import dev.eddy.ingest.envelope.Envelope;
import dev.eddy.ingest.envelope.EnvelopeReader;
import dev.eddy.ingest.envelope.PointAdmission;
import dev.eddy.ingest.envelope.RejectedException;
import dev.eddy.ingest.envelope.RejectionCode;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.collection.ShardRouter;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.Update.InboxChange;
import dev.eddy.proto.log.LogRecordCodec;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Judges one inbox record after the other against one metadata state. Stateless. */
final class InboxRecords {
  private final EnvelopeReader envelopes = new EnvelopeReader();
  private final UUID inboxTopicId;
  private final int recordBytesMax;

  InboxRecords(UUID inboxTopicId, int recordBytesMax) {
    this.inboxTopicId = inboxTopicId;
    this.recordBytesMax = recordBytesMax;
  }

  /** What to do with a record. */
  sealed interface Judgement {
    /** To the log of this shard, as soon as it has its place in the chain. */
    record Admitted(Generation generation, int shard, Envelope envelope) implements Judgement {
      InboxChange change(UUID topicId, int partition, long offset, long before) {
        return new InboxChange(
            new Origin(topicId, partition, offset, before),
            envelope.id(),
            envelope instanceof Envelope.Upsert upsert ? upsert.point() : null);
      }
    }

    enum Discarded implements Judgement {
      DISCARDED
    }

    /** Where it belongs is known in a moment. */
    enum Undecided implements Judgement {
      UNDECIDED
    }

    record Dead(DeadLetter letter) implements Judgement {}
  }

  Judgement judge(ConsumerRecord<byte[], byte[]> record, ClusterState state) {
    try {
      Envelope envelope = envelopes.read(record.key(), record.value(), record.headers());
      return switch (GenerationRouter.route(
          state, inboxTopicId, envelope.collection(), record.partition(), record.offset())) {
        case GenerationRouter.Route.To(Generation generation) -> admit(generation, envelope);
        case GenerationRouter.Route.Discard ignored -> Judgement.Discarded.DISCARDED;
        case GenerationRouter.Route.Undecided ignored -> Judgement.Undecided.UNDECIDED;
        case GenerationRouter.Route.Unknown ignored ->
            throw new RejectedException(
                RejectionCode.UNKNOWN_COLLECTION,
                "collection_name: there was no collection \"%s\" when the record arrived"
                    .formatted(envelope.collection()));
      };
    } catch (RejectedException e) {
      return new Judgement.Dead(DeadLetter.of(record, inboxTopicId, e.code().name(), e.reason()));
    }
  }

  private Judgement admit(Generation generation, Envelope envelope) throws RejectedException {
    int shard = ShardRouter.shardOf(envelope.id(), generation.spec().shardNumber());
    Judgement.Admitted admitted = new Judgement.Admitted(generation, shard, envelope);
    if (envelope instanceof Envelope.Upsert upsert) {
      PointAdmission.check(generation.spec(), upsert.point());
      int bytes = LogRecordCodec.sizeInBundle(admitted.change(inboxTopicId, 0, 0, 0));
      if (bytes > recordBytesMax) {
        throw new RejectedException(
            RejectionCode.TOO_LARGE,
            "point: %d bytes when encoded, the limit is %d".formatted(bytes, recordBytesMax));
      }
    }
    return admitted;
  }
}
