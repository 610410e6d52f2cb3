"""What people look at afterwards: live page, alerts, drift, metrics."""
