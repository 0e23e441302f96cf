package dev.eddy.query.service;

import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.query.quota.NodeUse;

/**
 * The quotas of all nodes, and how close this one is to them.
 *
 * @param use of the node that was asked
 */
public record QuotaStatus(QuotaConfig config, NodeUse use) {}
