package dev.eddy.query.write;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.update.Update;
import java.util.List;

/**
 * Brings updates of points into a collection's log.
 *
 * <p>Each call blocks its (virtual) thread and is safe from any thread. An {@link Update} is one
 * operation of the API as the client sent it: any number of points of any shards, {@code Upsert},
 * {@code Delete}, {@code UpdateVectors}, {@code DeleteVectors} and the payload operations; the
 * others are the system's own and refused as a programmer's error. Nothing is appended unless the
 * whole update passes the checks against the collection's spec. Fails with an {@code
 * EddyException}:
 *
 * <ul>
 *   <li>NOT_FOUND: no such collection, dropped while in flight, or (with wait) the verdict on an
 *       unknown point
 *   <li>WRONG_INPUT, BAD_REQUEST, VALIDATION, NOT_IMPLEMENTED, PAYLOAD_TOO_LARGE: what the gate
 *       refuses. A VALIDATION text is {@code path: rule} with the path relative to the update, such
 *       as {@code points[3].vector: dense vector must not be empty}
 *   <li>OVERLOADED, UNAVAILABLE: nothing of it is in the log
 *   <li>OUTCOME_UNKNOWN: it may or may not be in the log
 * </ul>
 */
public interface WriteService {

  /**
   * Writes one operation.
   *
   * @param collection name or alias
   */
  WriteResult write(String collection, Update update, WriteOptions options);

  /**
   * Writes operations in order; each is appended after the verdict of the one before it, where
   * {@code options} wait for verdicts. Stops at the first that fails and throws its failure; what
   * came before stays. The timeout is that of all together; a wait that ran out is no failure, what
   * follows is appended all the same.
   *
   * @return one result per update, none for none
   */
  List<WriteResult> writeBatch(String collection, List<Update> updates, WriteOptions options);

  /**
   * Declares or drops a payload field or a vector name, in every shard's log. Like a change of the
   * collection it is carried out by the controller and known everywhere when this returns; a
   * timeout before that fails. With wait it is applied, too, as of a write.
   *
   * <p>The receipt names positions at or behind those of the change. Fails as {@link #write} does,
   * and with TIMEOUT and UNAVAILABLE of the controller.
   */
  WriteResult declare(String collection, Declaration declaration, WriteOptions options);
}
