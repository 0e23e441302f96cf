package dev.eddy.query.rest;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.VectorName;
import dev.eddy.model.json.KeyPath;
import dev.eddy.query.rest.json.FieldIndexReader;
import dev.eddy.query.rest.json.VectorNameReader;
import dev.eddy.query.rest.json.WriteResultWriter;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.query.write.WriteResult;
import dev.eddy.query.write.WriteService;
import java.io.IOException;
import java.util.List;

/** What a collection's points are made of: declared payload fields and names of vectors. */
final class DeclarationRoutes {
  private static final String INDEX = "/collections/{collection_name}/index";
  private static final String VECTOR = "/collections/{collection_name}/vectors/{vector_name}";

  private final WriteService writes;

  DeclarationRoutes(WriteService writes) {
    this.writes = writes;
  }

  List<Route> routes() {
    return List.of(
        Route.measured("PUT", INDEX, this::declareField),
        Route.measured("DELETE", INDEX + "/{field_name}", this::dropField),
        Route.measured("PUT", VECTOR, this::addVector),
        Route.measured("DELETE", VECTOR, this::dropVector));
  }

  private Reply dropVector(RestRequest request) {
    WriteOptions options = request.writeOptions();
    return declare(request, new Declaration.DropVector(request.path("vector_name")), options);
  }

  private Reply addVector(RestRequest request) throws IOException {
    WriteOptions options = request.writeOptions();
    String name = request.path("vector_name");
    VectorName.problem(name)
        .ifPresent(problem -> {
          throw VectorName.refusal(
              name, "Validation error in path parameters: [vector_name: " + problem + "]");
        });
    return declare(request, request.body(body -> VectorNameReader.read(body, name)), options);
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
