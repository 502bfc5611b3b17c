// SPDX-License-Identifier: Apache-2.0
/** What tests of every package share: faults on order, child JVMs, and nothing that the program itself could use. */
package io.millrace.testkit;
