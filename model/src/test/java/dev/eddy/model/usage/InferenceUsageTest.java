package dev.eddy.model.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.usage.HardwareUsage.Part;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a request's models and hardware are said to have done. */
final class InferenceUsageTest {
  @Test
  void tokensAreSummedByModelForTheRequestAndNothingElse() {
    InferenceUsage usage = new InferenceUsage();
    InferenceUsage.add("a", 7);
    usage.during(() -> {
      InferenceUsage.add("b", 2);
      InferenceUsage.add("a", 3);
      InferenceUsage.add("a", 4);
      InferenceUsage.add("c", 0);
      return assertThat(InferenceUsage.current()).containsSame(usage);
    });
    InferenceUsage.add("a", 7);
    assertThat(usage.tokens()).isEqualTo(Map.of("a", 7L, "b", 2L, "c", 0L));
    assertThat(InferenceUsage.current()).isEmpty();
  }

  @Test
  void whatWasNotUsedIsNotTold() {
    assertThat(RequestUsage.told()).isEmpty();
    assertThat(RequestUsage.counted(RequestUsage::told)).isEmpty();
    assertThat(tokensAlone()).contains(new RequestUsage(Optional.empty(), Map.of("a", 1L)));
    RequestUsage hardwareAlone =
        RequestUsage.counted(() -> {
          HardwareUsage.add(Part.CPU, 1);
          return RequestUsage.told().orElseThrow();
        });
    assertThat(hardwareAlone.hardware()).isPresent();
    assertThat(hardwareAlone.tokens()).isEmpty();
  }

  private static Optional<RequestUsage> tokensAlone() {
    return RequestUsage.counted(() -> {
      InferenceUsage.add("a", 1);
      return RequestUsage.told();
    });
  }
}
