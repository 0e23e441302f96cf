package dev.eddy.engine.format;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Functions of the system's C library, where it has them. */
public final class CLibrary {
  private CLibrary() {}

  /** A function by its name, result and arguments; empty where there is none of this name. */
  public static Optional<MethodHandle> find(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(call -> linker.downcallHandle(call, FunctionDescriptor.of(result, arguments)));
  }
}
