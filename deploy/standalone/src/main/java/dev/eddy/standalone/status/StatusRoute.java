package dev.eddy.standalone.status;

import dev.eddy.query.rest.Reply;
import dev.eddy.query.rest.Route;

/** {@code GET /eddy/status}: what {@code eddy status} reads. Outside of the public contract. */
public final class StatusRoute {
  public static final String PATH = "/eddy/status";

  private StatusRoute() {}

  public static Route of(StatusReport report) {
    return Route.get(PATH, request -> Reply.json(report.json()));
  }
}
