package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
  private final MemoryBudget budget = new MemoryBudget(1_000);

  @Test
  void itIsFullFromTheLimitOnUntilAMarginBelowIt() {
    MemoryBudget.Account account = budget.open();
    account.set(999);
    assertThat(budget.isFull()).isFalse();
    account.set(1_000);
    assertThat(budget.isFull()).isTrue();
    account.set(901);
    assertThat(budget.isFull()).isTrue();
    account.set(900);
    assertThat(budget.isFull()).isFalse();
    account.set(999);
    assertThat(budget.isFull()).isFalse();
  }

  @Test
  void whatMustBeHeldIsCountedHoweverMuchItIs() {
    MemoryBudget.Account one = budget.open();
    MemoryBudget.Account other = budget.open();
    one.set(5_000);
    other.set(300);
    one.set(4_000);
    assertThat(budget.heldBytes()).isEqualTo(4_300);
    one.close();
    assertThat(budget.heldBytes()).isEqualTo(300);
    assertThat(budget.isFull()).isFalse();
  }

  @Test
  void whatIsOptionalGetsWhatIsLeftBelowThreeQuarters() {
    ByteBudget fused = new ByteBudget(600, budget);
    MemoryBudget.Account account = budget.open();
    account.set(500);
    assertThat(fused.tryTake(251)).isFalse();
    assertThat(fused.takenBytes()).isZero();
    assertThat(fused.tryTake(250)).isTrue();
    assertThat(budget.heldBytes()).isEqualTo(750);
    assertThat(budget.hasRoomFor(1)).isFalse();
    fused.giveBack(250);
    assertThat(budget.hasRoomFor(250)).isTrue();
    account.set(0);
    assertThat(fused.tryTake(601)).as("beyond its own limit").isFalse();
    assertThat(budget.heldBytes()).isZero();
  }

  /** What is given up makes room for no more than for itself, so that it does not come back. */
  @Test
  void whatIsGivenUpWhenMemoryIsShortDoesNotFitAgainAtOnce() {
    ByteBudget fused = new ByteBudget(1_000, budget);
    MemoryBudget.Account account = budget.open();
    assertThat(fused.tryTake(400)).isTrue();
    account.set(449);
    assertThat(budget.isShort()).isFalse();
    account.set(450);
    assertThat(budget.isShort()).isTrue();
    fused.giveBack(400);
    assertThat(budget.isShort()).isFalse();
    assertThat(fused.tryTake(400)).isFalse();
  }

  @Test
  void turnsAreCountedWithAMargin() {
    MemoryBudget.Account account = budget.open();
    account.set(849);
    assertThat(budget.turns()).isZero();
    account.set(850);
    assertThat(budget.turns()).as("short").isEqualTo(1);
    account.set(751);
    account.set(900);
    assertThat(budget.turns()).as("no room in between").isEqualTo(1);
    account.set(750);
    assertThat(budget.turns()).as("room again").isEqualTo(2);
    account.set(840);
    assertThat(budget.tryTake(10)).isFalse();
    assertThat(budget.turns()).isEqualTo(2);
    account.set(600);
    assertThat(budget.tryTake(150)).isTrue();
    account.set(700);
    assertThat(budget.turns()).as("short by both together").isEqualTo(3);
    budget.giveBack(150);
    assertThat(budget.turns()).isEqualTo(4);
  }

  @Test
  void roomIsReservedOnceAndGivenBackOnce() {
    MemoryBudget.Reservation first = Objects.requireNonNull(budget.reserve(500), "room");
    assertThat(first.bytes()).isEqualTo(500);
    assertThat(budget.reserve(251)).as("the same room").isNull();
    assertThat(budget.heldBytes()).isEqualTo(500);
    MemoryBudget.Reservation second = Objects.requireNonNull(budget.reserve(250), "room");
    first.close();
    first.close();
    assertThat(first.bytes()).isZero();
    assertThat(budget.heldBytes()).isEqualTo(250);
    second.close();
    assertThat(budget.heldBytes()).isZero();
    assertThat(budget.isWithin(750)).isTrue();
    assertThat(budget.isWithin(751)).isFalse();
  }

  @Test
  void anUnlimitedOneIsNeverShort() {
    MemoryBudget unlimited = MemoryBudget.unlimited();
    unlimited.open().set(1L << 50);
    assertThat(unlimited.isFull()).isFalse();
    assertThat(unlimited.isShort()).isFalse();
    assertThat(unlimited.hasRoomFor(1L << 50)).isTrue();
  }

  @Test
  void nothingIsNoLimit() {
    assertThatThrownBy(() -> new MemoryBudget(0)).hasMessageContaining("at least 1, got 0");
  }
}
