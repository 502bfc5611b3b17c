// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An operation that changes nothing, so that whoever may only read may call it too. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface ReadOnlyOperation {}
