package dev.eddy.query.rest;

import dev.eddy.model.query.ReadToken;
import dev.eddy.model.update.Update;
import dev.eddy.query.rest.json.JsonBody;
import dev.eddy.query.rest.json.UpdateReader;
import dev.eddy.query.rest.json.UpsertReader;
import dev.eddy.query.rest.json.WriteResultWriter;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.query.write.WriteResult;
import dev.eddy.query.write.WriteService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that changes points. */
final class PointRoutes {
  private static final String POINTS = "/collections/{collection_name}/points";

  private final WriteService writes;

  PointRoutes(WriteService writes) {
    this.writes = writes;
  }

  List<Route> routes() {
    return List.of(
        write("PUT", POINTS, UpsertReader::read),
        write("POST", POINTS + "/delete", UpdateReader::delete),
        write("PUT", POINTS + "/vectors", UpsertReader::readVectors),
        Route.measured("POST", POINTS + "/vectors/delete", this::deleteVectors),
        write("POST", POINTS + "/payload", UpdateReader::setPayload),
        write("PUT", POINTS + "/payload", UpdateReader::overwritePayload),
        write("POST", POINTS + "/payload/delete", UpdateReader::deletePayload),
        write("POST", POINTS + "/payload/clear", UpdateReader::clearPayload),
        Route.measured("POST", POINTS + "/batch", this::batch));
  }

  private Route write(String method, String pattern, JsonBody.Reader<? extends Update> reader) {
    return Route.measured(
        method,
        pattern,
        request -> {
          WriteOptions options = request.writeOptions();
          Update update = request.body(reader::read);
          return reply(request, writes.write(request.collection(), update, options));
        });
  }

  private Reply deleteVectors(RestRequest request) throws IOException {
    WriteOptions options = request.writeOptions();
    List<Update> updates = request.body(UpdateReader::deleteVectors);
    List<WriteResult> results = writes.writeBatch(request.collection(), updates, options);
    return reply(request, results.getLast());
  }

  private Reply batch(RestRequest request) throws IOException {
    WriteOptions options = request.writeOptions();
    List<List<Update>> operations = request.body(UpdateReader::operations);
    List<Update> updates = operations.stream().flatMap(List::stream).toList();
    List<WriteResult> all = writes.writeBatch(request.collection(), updates, options);
    // One result per operation, also where an operation is two updates: that of its last.
    List<WriteResult> results = new ArrayList<>();
    int end = 0;
    for (List<Update> operation : operations) {
      end += operation.size();
      results.add(all.get(end - 1));
    }
    Reply reply = Reply.ok(request, generator -> WriteResultWriter.results(generator, results));
    return merged(all)
        .map(token -> reply.header(RestRequest.TOKEN_HEADER, token.encode()))
        .orElse(reply);
  }

  private static Reply reply(RestRequest request, WriteResult result) {
    return Reply.ok(request, generator -> WriteResultWriter.result(generator, result))
        .header(RestRequest.TOKEN_HEADER, result.token().encode());
  }

  /** A token that covers all of them; empty when there are none. */
  private static Optional<ReadToken> merged(List<WriteResult> results) {
    if (results.isEmpty()) {
      return Optional.empty();
    }
    ReadToken last = results.getLast().token();
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    for (WriteResult result : results) {
      ReadToken token = result.token();
      // After a drop and re-creation in the middle only what is left can be read back.
      if (token.collectionId().equals(last.collectionId())
          && token.generation() == last.generation()) {
        token.offsets().forEach((shard, offset) -> offsets.merge(shard, offset, Math::max));
      }
    }
    return Optional.of(new ReadToken(last.collectionId(), last.generation(), offsets));
  }
}
