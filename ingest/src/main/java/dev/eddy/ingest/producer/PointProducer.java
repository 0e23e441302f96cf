package dev.eddy.ingest.producer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.ingest.envelope.EnvelopeReader;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Writes points to the inbox from Java: the envelope, the key that keeps the order per point, and
 * the header. Any Kafka producer can do the same; this one only saves the typing.
 *
 * <p>Thread-safe when its producer is. The producer stays its owner's: it is not closed here.
 */
public final class PointProducer {
  private final Producer<byte[], byte[]> producer;
  private final String inboxTopic;

  public PointProducer(Producer<byte[], byte[]> producer, String inboxTopic) {
    this.producer = producer;
    this.inboxTopic = inboxTopic;
  }

  /** Puts the point in place of whatever has its id. The future is done when the inbox has it. */
  public Future<RecordMetadata> upsert(String collection, Point point) {
    return producer.send(record(collection, point.id(), envelope(collection, point)));
  }

  /** Deletes a point; a missing one is no error. */
  public Future<RecordMetadata> delete(String collection, PointId id) {
    ProducerRecord<byte[], byte[]> record = record(collection, id, null);
    record.headers().add(EnvelopeReader.COLLECTION_HEADER, collection.getBytes(UTF_8));
    return producer.send(record);
  }

  private ProducerRecord<byte[], byte[]> record(
      String collection, PointId id, byte @org.jspecify.annotations.Nullable [] value) {
    return new ProducerRecord<>(inboxTopic, id.toString().getBytes(UTF_8), value);
  }

  private static byte[] envelope(String collection, Point point) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JsonCodec.factory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("collection_name", collection);
      json.writeFieldName("id");
      switch (point.id()) {
        case PointId.Num number -> json.writeNumber(number.toString());
        case PointId.Uuid uuid -> json.writeString(uuid.toString());
      }
      json.writeFieldName("vector");
      vectors(point.vectors().byName(), json);
      if (!point.payload().isEmpty()) {
        json.writeFieldName("payload");
        json.writeRawValue(point.payload().toString());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void vectors(Map<String, Vector> byName, JsonGenerator json) throws IOException {
    Vector unnamed = byName.get(Vectors.UNNAMED);
    if (unnamed != null) {
      dense(unnamed, json);
      return;
    }
    json.writeStartObject();
    for (Map.Entry<String, Vector> entry : byName.entrySet()) {
      json.writeFieldName(entry.getKey());
      dense(entry.getValue(), json);
    }
    json.writeEndObject();
  }

  private static void dense(Vector vector, JsonGenerator json) throws IOException {
    if (!(vector instanceof Vector.Dense(float[] values))) {
      throw new IllegalArgumentException("only dense vectors can be written to the inbox yet");
    }
    json.writeStartArray();
    for (float value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }
}
