package dev.eddy.kafka.broker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Another broker, in this process or another one, works in the data folder. */
public final class DataFolderLockedException extends BrokerStartException {
  private static final long serialVersionUID = 1L;

  DataFolderLockedException(Path folder, @Nullable Throwable cause) {
    super(
        "broker data folder %s is locked by another process: stop it or choose another folder"
            .formatted(folder),
        cause);
  }
}
