package dev.eddy.standalone;

import dev.eddy.standalone.command.EddyCommand;

/** {@code eddy}: one program for every role. */
public final class EddyMain {
  private EddyMain() {}

  public static void main(String[] args) {
    System.exit(EddyCommand.execute(args));
  }
}
