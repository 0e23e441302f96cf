package dev.eddy.standalone.golden;

import dev.eddy.standalone.golden.GoldenFile.Exchange;

/** One transport of a running Eddy, as golden files use it. */
interface Door {
  /** Makes the request and gives its whole answer; what varies in every answer is named. */
  String answer(Exchange exchange);

  /** Whether an answer is that of a request that succeeded. */
  boolean isSuccess(String answer);

  /** Whether the request is one of the operation. */
  boolean isOf(Exchange exchange, String operation);
}
