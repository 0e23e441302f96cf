/** What REST and gRPC have to have in common, held against each other over real sockets. */
@NullMarked
package dev.eddy.query.twins;

import org.jspecify.annotations.NullMarked;
