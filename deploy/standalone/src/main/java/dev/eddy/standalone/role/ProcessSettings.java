package dev.eddy.standalone.role;

import dev.eddy.model.limit.Limits;
import java.nio.file.Path;

/**
 * What a process is told.
 *
 * @param data its folder
 * @param cluster prefix of topics, groups and transactional ids
 * @param host address to bind
 * @param advertised name under which others reach this machine
 * @param memoryBytes what the whole process may use
 * @param limits of what clients ask
 */
public record ProcessSettings(
    Path data, String cluster, String host, String advertised, long memoryBytes, Limits limits) {}
