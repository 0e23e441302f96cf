package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.SearchParams;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code params} of a search. */
final class SearchParamsReader {
  private SearchParamsReader() {}

  static SearchParams read(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable Integer hnswEf;
          boolean exact;
          boolean indexedOnly;
          @Nullable Filter idfCorpus;
          QuantizationSearch quantization = QuantizationSearch.NONE;
        };
    body.object(
        "struct SearchParams",
        field -> {
          switch (field) {
            case "hnsw_ef" ->
                draft.hnswEf = (int) Math.min(QueryReader.HITS_MAX, body.countAtLeast(1));
            case "exact" -> draft.exact = body.bool();
            case "indexed_only" -> draft.indexedOnly = body.bool();
            case "quantization" -> draft.quantization = quantization(body);
            case "acorn" -> acorn(body);
            case "idf" -> draft.idfCorpus = idfCorpus(body);
            default -> body.skip();
          }
        });
    return new SearchParams(
        draft.hnswEf, draft.exact, draft.indexedOnly, draft.idfCorpus, draft.quantization);
  }

  /** {@code "global"}, which is the default, or {@code {"corpus": filter}}. */
  private static @Nullable Filter idfCorpus(JsonBody body) throws IOException {
    if (body.isString()) {
      body.word(List.of("global"));
      return null;
    }
    var draft =
        new Object() {
          @Nullable Filter corpus;
        };
    body.object(
        "struct IdfCorpusParams",
        field -> {
          if (field.equals("corpus")) {
            draft.corpus = FilterReader.read(body);
          } else {
            body.skip();
          }
        });
    return draft.corpus;
  }

  private static QuantizationSearch quantization(JsonBody body) throws IOException {
    var draft =
        new Object() {
          boolean ignore;
          @Nullable Boolean rescore;
          @Nullable Double oversampling;
        };
    body.object(
        "struct QuantizationSearchParams",
        field -> {
          switch (field) {
            case "ignore" -> draft.ignore = body.bool();
            case "rescore" -> draft.rescore = body.bool();
            case "oversampling" -> {
              double value = body.f64();
              if (value < 1) {
                body.problem("value " + value + " invalid, must be 1.0 or larger");
              } else {
                draft.oversampling = value;
              }
            }
            default -> body.skip();
          }
        });
    return new QuantizationSearch(draft.ignore, draft.rescore, draft.oversampling);
  }

  /**
   * Where a filter makes a graph useless, searches scan what matches: there is nothing left to
   * mend.
   */
  private static void acorn(JsonBody body) throws IOException {
    body.object(
        "struct AcornSearchParams",
        field -> {
          switch (field) {
            case "enable" -> body.bool();
            case "max_selectivity" -> body.f64Within(0, 1);
            default -> body.skip();
          }
        });
  }
}
