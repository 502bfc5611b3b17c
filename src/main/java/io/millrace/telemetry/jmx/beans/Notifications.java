// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;

/**
 * The types of notifications, and their sending: by the MBean concerned, and by the Daemon MBean for all. Any thread.
 */
final class Notifications {
    static final String SCAN_FINISHED = "io.millrace.scan.finished";
    static final String POOL_STARVED = "io.millrace.pool.starved";
    static final String POOL_RECOVERED = "io.millrace.pool.recovered";
    static final String WORKER_RESTARTED = "io.millrace.worker.restarted";
    static final String WORKER_QUARANTINED = "io.millrace.worker.quarantined";

    static final String FILE_CORRUPT = "io.millrace.file.corrupt";

    static final MBeanNotificationInfo CATALOG =
            info("A file is not what was recorded, though nobody wrote to it", FILE_CORRUPT);
    static final MBeanNotificationInfo SCANS = info("A scan has ended, and its outcome", SCAN_FINISHED);
    static final MBeanNotificationInfo POOL =
            info("The pool is starved, or has space again", POOL_STARVED, POOL_RECOVERED);
    static final MBeanNotificationInfo WORKER =
            info("A process is restarted or the worker is quarantined, and why", WORKER_RESTARTED, WORKER_QUARANTINED);

    private final AtomicLong sequence = new AtomicLong();
    private final NotificationBroadcasterSupport ofAll = DescribedBean.emitter(SCANS, POOL, WORKER, CATALOG);

    private static MBeanNotificationInfo info(String description, String... types) {
        return new MBeanNotificationInfo(types, Notification.class.getName(), description);
    }

    NotificationBroadcasterSupport ofAll() {
        return ofAll;
    }

    void send(NotificationBroadcasterSupport subject, ObjectName source, String type, String message) {
        long number = sequence.incrementAndGet();
        subject.sendNotification(new Notification(type, source, number, message));
        ofAll.sendNotification(new Notification(type, source, number, message));
    }
}
