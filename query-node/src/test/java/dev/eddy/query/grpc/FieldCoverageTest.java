package dev.eddy.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.GetCollectionInfoRequest;
import dev.eddy.query.grpc.ContractWalk.Place;
import dev.eddy.query.world.FakeServices;
import dev.eddy.query.world.StoredOnlyFields;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Sends every field of the published gRPC description, one at a time, in a valid request of every
 * method that can carry it. {@code fields.txt} says what each must do:
 *
 * <ul>
 *   <li>{@code effect}: a service is asked for something else, or the request becomes a wrong one;
 *   <li>{@code stored}: the same, shown back, and nothing else; by its name in the documentation;
 *   <li>{@code refused}: UNIMPLEMENTED, or INVALID_ARGUMENT where no vector can be made of it, by
 *       its name or that of what it is part of;
 *   <li>{@code ignored}: taken without an effect, for the reason said.
 * </ul>
 *
 * <p>A field in no class fails, and so does a line about no field. A document's options are its
 * model's: what is in one that the model doesn't know has no effect.
 */
class FieldCoverageTest {
  private static final int UNKNOWN_FIELD = 9_999;
  private static final int UNKNOWN_ENUM = 99;

  private final ContractWalk walk = new ContractWalk();
  private final Map<String, String> table = table();

  /** Outcomes by method and request: most fields are compared with the same request without. */
  private final Map<String, Outcome> known = new HashMap<>();

  private final FakeServices services = new FakeServices();
  private final GrpcEdge edge = services.grpc(GrpcSettings.of("127.0.0.1", 0));
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress("127.0.0.1", edge.port()).usePlaintext().build();

  @AfterEach
  void close() {
    channel.shutdownNow();
    edge.close();
  }

  /** What became of a request, and what a service was asked for. */
  private record Outcome(Status.Code code, String text, String asked) {
    private static final int SHOWN = 200;

    @Override
    public String toString() {
      String whole = code + " " + text.replace('\n', ' ') + " " + asked;
      return whole.substring(0, Math.min(SHOWN, whole.length()));
    }
  }

  private List<Place> places() {
    return walk.places(field -> expected(field).equals("refused"));
  }

  private String expected(FieldDescriptor field) {
    return table.getOrDefault(nameOf(field), "in no class").split(" ", 2)[0];
  }

  private static String nameOf(FieldDescriptor field) {
    return ContractWalk.nameOf(field.getContainingType()) + "." + field.getName();
  }

  private Outcome send(Place place, Message message) {
    Message request = walk.request(place, message);
    return known.computeIfAbsent(
        place.method().getFullMethodName() + " " + request, key -> send(place.method(), request));
  }

  private Outcome send(MethodDescriptor<Message, Message> method, Message request) {
    services.reset();
    try {
      Message answer = ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
      return new Outcome(Status.Code.OK, untimed(answer), services.asked.toString());
    } catch (StatusRuntimeException e) {
      String text = String.valueOf(e.getStatus().getDescription());
      return new Outcome(e.getStatus().getCode(), text, services.asked.toString());
    }
  }

  private static String untimed(Message answer) {
    FieldDescriptor time = answer.getDescriptorForType().findFieldByName("time");
    return (time == null ? answer : answer.toBuilder().clearField(time).build()).toString();
  }

  private static Map<String, String> table() {
    Map<String, String> table = new TreeMap<>();
    for (String line : ContractWalk.lines("fields.txt")) {
      String[] parts = line.split(" ", 2);
      assertThat(table.put(parts[0], parts[1])).as("two lines about " + parts[0]).isNull();
    }
    return table;
  }

  @Test
  void everySampleIsAccepted() {
    for (Place place : places()) {
      if (place.path().isEmpty()) {
        assertThat(send(place, walk.sample(place)).code())
            .as(place.toString())
            .isEqualTo(Status.Code.OK);
      }
    }
  }

  @Test
  void everyMethodIsBuiltOrRefusedByName() {
    for (MethodDescriptor<Message, Message> method : ContractWalk.methods()) {
      if (walk.isBuilt(method)) {
        continue;
      }
      Outcome outcome = send(method, ContractWalk.emptyRequest(method));
      assertThat(outcome.code())
          .as(method.getFullMethodName())
          .isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(outcome.text())
          .containsAnyOf(method.getFullMethodName(), "Qdrant is running in standalone mode");
    }
  }

  @Test
  void everyFieldDoesWhatItsClassSays() {
    Set<String> unused = new TreeSet<>(table.keySet());
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (Place place : places()) {
      for (FieldDescriptor field : place.type().getFields()) {
        count++;
        String name = nameOf(field);
        String exception = place.method().getBareMethodName() + ":" + name;
        String line = table.get(table.containsKey(exception) ? exception : name);
        unused.remove(table.containsKey(exception) ? exception : name);
        // What a refused field holds is refused with it.
        String expected =
            place.isRefused()
                ? "refused"
                : isOption(place)
                    ? "ignored"
                    : line == null
                        ? "in no class"
                        : line.split(" ", 2)[0].replace("stored", "effect");
        String found = verdict(place, field);
        if (!found.equals(expected)) {
          wrong.add("%s of %s is %s but: %s".formatted(name, place, expected, found));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(unused).as("lines about no field").isEmpty();
    assertThat(count).isGreaterThan(1_000);
  }

  private static boolean isOption(Place place) {
    return place.path().stream().anyMatch(field -> nameOf(field).equals("Document.options"));
  }

  private String verdict(Place place, FieldDescriptor field) {
    Message with = walk.sampleWith(place, field);
    Outcome outcome = send(place, with);
    return switch (outcome.code()) {
      case UNIMPLEMENTED -> isNamed(place, field, outcome.text()) ? "refused" : outcome.toString();
      case INVALID_ARGUMENT ->
          outcome.text().startsWith("Inference error: ") && isNamed(place, field, outcome.text())
              ? "refused"
              : outcome.toString();
      case OK -> {
        Outcome without = send(place, walk.sample(place).toBuilder().clearField(field).build());
        yield outcome.equals(without) ? "ignored" : "effect";
      }
      // Of a name that means nothing here.
      case NOT_FOUND -> "effect";
      default -> outcome.toString();
    };
  }

  private static boolean isNamed(Place place, FieldDescriptor field, String text) {
    return text.contains(field.getName())
        || place.path().stream().anyMatch(outer -> text.contains(outer.getName()));
  }

  @Test
  void whatIsOnlyStoredIsShownBackAndInTheDocumentation() {
    Map<String, String> names = new HashMap<>();
    table.forEach((field, stored) -> {
      if (stored.startsWith("stored ")) {
        names.put(field, stored.substring("stored ".length()));
      }
    });
    List<String> hidden = new ArrayList<>();
    for (Place place : places()) {
      if (!place.method().getBareMethodName().equals("Create")) {
        continue;
      }
      for (FieldDescriptor field : place.type().getFields()) {
        String name = nameOf(field);
        Message sample = walk.sample(place);
        if (names.containsKey(name)
            && shown(place, walk.sampleWith(place, field))
                .equals(shown(place, sample.toBuilder().clearField(field).build()))) {
          hidden.add(name);
        }
      }
    }
    assertThat(hidden).as("stored and not shown back").isEmpty();
    assertThat(new TreeSet<>(String.join(" ", names.values()).lines().toList())).isNotEmpty();
    Set<String> paths = new TreeSet<>();
    names.values().forEach(all -> paths.addAll(List.of(all.split(" "))));
    assertThat(paths).isEqualTo(StoredOnlyFields.documented());
  }

  private String shown(Place place, Message message) {
    Outcome outcome = send(place.method(), walk.request(place, message));
    assertThat(outcome.code()).as(outcome.toString()).isEqualTo(Status.Code.OK);
    return CollectionsGrpc.newBlockingStub(channel)
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName("new").build())
        .getResult()
        .toString();
  }

  @Test
  void anUnsetOneofIsRefused() {
    List<String> wrong = new ArrayList<>();
    for (Place place : places()) {
      for (OneofDescriptor oneof : place.type().getRealOneofs()) {
        Message unset = walk.sample(place).toBuilder().clearOneof(oneof).build();
        check(wrong, place, oneof.getName() + " unset", send(place, unset));
      }
    }
    assertThat(wrong)
        .as("a value of no kind is null, and a vector of no kind has the older flat fields")
        .isNotEmpty()
        .allMatch(
            each -> each.startsWith("Value.kind unset") || each.startsWith("Vector.vector unset"));
  }

  @Test
  void anUnknownFieldIsRefused() {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(UNKNOWN_FIELD, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    List<String> wrong = new ArrayList<>();
    for (Place place : places()) {
      Message later = walk.sample(place).toBuilder().setUnknownFields(unknown).build();
      check(wrong, place, "field " + UNKNOWN_FIELD, send(place, later));
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void anUnknownEnumValueIsRefused() {
    List<String> wrong = new ArrayList<>();
    for (Place place : places()) {
      for (FieldDescriptor field : place.type().getFields()) {
        if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
          EnumDescriptor type = field.getEnumType();
          Object value = type.findValueByNumberCreatingIfUnknown(UNKNOWN_ENUM);
          Message later =
              walk.sample(place).toBuilder()
                  .setField(field, field.isRepeated() ? List.of(value) : value)
                  .build();
          check(wrong, place, field.getName() + "=" + UNKNOWN_ENUM, send(place, later));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Notes what was neither found wrong nor refused as not built. */
  private static void check(List<String> wrong, Place place, String what, Outcome outcome) {
    if (outcome.code() != Status.Code.INVALID_ARGUMENT
        && outcome.code() != Status.Code.UNIMPLEMENTED) {
      wrong.add(ContractWalk.nameOf(place.type()) + "." + what + " of " + place + ": " + outcome);
    }
  }
}
