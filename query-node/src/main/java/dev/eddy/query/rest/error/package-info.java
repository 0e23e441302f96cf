/**
 * What an error looks like over HTTP. Knows error codes and statuses, no routes and no services.
 */
@NullMarked
package dev.eddy.query.rest.error;

import org.jspecify.annotations.NullMarked;
