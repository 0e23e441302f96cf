package dev.eddy.query.service;

import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.query.quota.NodeUse;
import java.util.SortedMap;

/**
 * The quotas of all nodes, and how close they are to them.
 *
 * @param use of the node that was asked
 * @param peers by the numbers of nodes, the one that was asked included; empty where it is alone
 */
public record QuotaStatus(QuotaConfig config, NodeUse use, SortedMap<Long, QuotaReport> peers) {}
