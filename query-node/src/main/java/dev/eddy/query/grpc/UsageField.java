package dev.eddy.query.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.eddy.model.usage.HardwareUsage;
import dev.eddy.model.usage.HardwareUsage.Part;
import dev.eddy.model.usage.RequestUsage;
import dev.eddy.proto.qdrant.InferenceUsage;
import dev.eddy.proto.qdrant.ModelUsage;
import dev.eddy.proto.qdrant.Usage;
import java.util.Map;
import java.util.Optional;

/** The field {@code usage} of answers that have one. */
final class UsageField {
  private UsageField() {}

  /** The answer with what its request used, if somebody wants to know and something was used. */
  @SuppressWarnings("unchecked") // A message's builder builds that message.
  static <A> A filled(A answer) {
    Optional<RequestUsage> usage = RequestUsage.told();
    if (usage.isEmpty() || !(answer instanceof Message message)) {
      return answer;
    }
    FieldDescriptor field = message.getDescriptorForType().findFieldByName("usage");
    return field == null
        ? answer
        : (A) message.toBuilder().setField(field, message(usage.get())).build();
  }

  private static Usage message(RequestUsage usage) {
    Usage.Builder builder = Usage.newBuilder();
    usage.hardware().ifPresent(hardware -> builder.setHardware(message(hardware)));
    if (!usage.tokens().isEmpty()) {
      builder.setInference(message(usage.tokens()));
    }
    return builder.build();
  }

  private static InferenceUsage.Builder message(Map<String, Long> tokens) {
    InferenceUsage.Builder builder = InferenceUsage.newBuilder();
    tokens.forEach(
        (model, sum) -> builder.putModels(model, ModelUsage.newBuilder().setTokens(sum).build()));
    return builder;
  }

  private static dev.eddy.proto.qdrant.HardwareUsage.Builder message(HardwareUsage usage) {
    return dev.eddy.proto.qdrant.HardwareUsage.newBuilder()
        .setCpu(usage.get(Part.CPU))
        .setPayloadIoRead(usage.get(Part.PAYLOAD_READ))
        .setPayloadIoWrite(usage.get(Part.PAYLOAD_WRITE))
        .setPayloadIndexIoRead(usage.get(Part.PAYLOAD_INDEX_READ))
        .setPayloadIndexIoWrite(usage.get(Part.PAYLOAD_INDEX_WRITE))
        .setVectorIoRead(usage.get(Part.VECTOR_READ))
        .setVectorIoWrite(usage.get(Part.VECTOR_WRITE));
  }
}
