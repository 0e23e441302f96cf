/** The launcher's words and their options. Knows roles, not what they are made of. */
@NullMarked
package dev.eddy.standalone.command;

import org.jspecify.annotations.NullMarked;
