package dev.eddy.proto.shard;

import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.shard.VectorForms.Unfused;
import java.util.EnumMap;
import java.util.Map;

/**
 * By what vectors are searched, as messages and back. Reasons of nodes of another version that this
 * one does not know are left out. Stateless.
 */
final class FormMessages {
  private FormMessages() {}

  static VectorFormsMessage forms(VectorForms forms) {
    VectorFormsMessage.Builder builder =
        VectorFormsMessage.newBuilder()
            .setWhole(forms.whole())
            .setCoded(forms.coded())
            .setFused(forms.fused())
            .setSlots(forms.slots());
    forms.unfused().forEach((why, count) -> builder.putUnfused(why.name(), count));
    return builder.build();
  }

  static VectorForms forms(VectorFormsMessage message) {
    Map<Unfused, Long> unfused = new EnumMap<>(Unfused.class);
    for (Unfused why : Unfused.values()) {
      Long count = message.getUnfusedMap().get(why.name());
      if (count != null) {
        unfused.put(why, count);
      }
    }
    return new VectorForms(
        message.getWhole(), message.getCoded(), message.getFused(), message.getSlots(), unfused);
  }
}
