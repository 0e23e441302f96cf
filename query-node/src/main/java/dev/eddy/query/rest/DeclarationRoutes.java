package dev.eddy.query.rest;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.json.KeyPath;
import dev.eddy.query.rest.json.FieldIndexReader;
import dev.eddy.query.rest.json.WriteResultWriter;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.query.write.WriteResult;
import dev.eddy.query.write.WriteService;
import java.io.IOException;
import java.util.List;

/** What a collection's points are made of: declared payload fields. */
final class DeclarationRoutes {
  private static final String INDEX = "/collections/{collection_name}/index";

  private final WriteService writes;

  DeclarationRoutes(WriteService writes) {
    this.writes = writes;
  }

  List<Route> routes() {
    return List.of(
        Route.measured("PUT", INDEX, this::declareField),
        Route.measured("DELETE", INDEX + "/{field_name}", this::dropField));
  }

  private Reply declareField(RestRequest request) throws IOException {
    WriteOptions options = request.writeOptions();
    return declare(request, request.body(FieldIndexReader::read), options);
  }

  private Reply dropField(RestRequest request) {
    WriteOptions options = request.writeOptions();
    KeyPath field = KeyPath.parse(request.path("field_name"));
    return declare(request, new Declaration.DropField(field), options);
  }

  private Reply declare(RestRequest request, Declaration declaration, WriteOptions options) {
    WriteResult result = writes.declare(request.collection(), declaration, options);
    return Reply.ok(request, generator -> WriteResultWriter.result(generator, result))
        .header(RestRequest.TOKEN_HEADER, result.token().encode());
  }
}
