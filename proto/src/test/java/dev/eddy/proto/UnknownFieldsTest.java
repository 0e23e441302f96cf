package dev.eddy.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import dev.eddy.proto.qdrant.ListValue;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PrefetchQuery;
import dev.eddy.proto.qdrant.Query;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.SearchParams;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Value;
import dev.eddy.proto.qdrant.VectorInput;
import org.junit.jupiter.api.Test;

class UnknownFieldsTest {
  private static final UnknownFieldSet LATER =
      UnknownFieldSet.newBuilder()
          .addField(120, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
          .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
          .build();

  private static final SearchParams PARAMS =
      SearchParams.newBuilder().setHnswEf(1).setUnknownFields(LATER).build();

  @Test
  void theMessageItselfIsNamedByItsKind() {
    assertThat(UnknownFields.firstIn(PARAMS)).contains("SearchParams: field 99");
    assertThat(UnknownFields.firstIn(PARAMS.toBuilder())).contains("SearchParams: field 99");
    assertThat(UnknownFields.firstIn(SearchParams.getDefaultInstance())).isEmpty();
  }

  @Test
  void messagesInsideAreNamedByTheirPlace() {
    assertThat(UnknownFields.firstIn(QueryPoints.newBuilder().setParams(PARAMS).build()))
        .contains("params: field 99");
    VectorInput vector = VectorInput.newBuilder().setUnknownFields(LATER).build();
    QueryPoints nearest =
        QueryPoints.newBuilder()
            .setParams(SearchParams.newBuilder().setHnswEf(1))
            .addPrefetch(PrefetchQuery.getDefaultInstance())
            .addPrefetch(PrefetchQuery.newBuilder().setQuery(Query.newBuilder().setNearest(vector)))
            .build();
    assertThat(UnknownFields.firstIn(nearest)).contains("prefetch[1].query.nearest: field 99");
  }

  @Test
  void valuesOfMapsAndListsAreLookedInto() {
    Value later = Value.newBuilder().setIntegerValue(1).setUnknownFields(LATER).build();
    Value list =
        Value.newBuilder()
            .setListValue(
                ListValue.newBuilder().addValues(Value.getDefaultInstance()).addValues(later))
            .build();
    UpsertPoints points =
        UpsertPoints.newBuilder().addPoints(PointStruct.newBuilder().putPayload("a", list)).build();
    assertThat(UnknownFields.firstIn(points))
        .contains("points[0].payload[0].value.list_value.values[1]: field 99");
  }
}
