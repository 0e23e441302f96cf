/**
 * Request bodies to model objects and answers to JSON, token by token. Knows no HTTP, no routing
 * and no service.
 */
@NullMarked
package dev.eddy.query.rest.json;

import org.jspecify.annotations.NullMarked;
