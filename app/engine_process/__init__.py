"""Jobs in a process of their own, so that what kills a job (driver, memory) leaves the program and its case alone."""

from app.engine_process.client import EngineClient
from app.engine_process.messages import Answer, Cancelled, Done, Failed, Ready, Told

__all__ = ["Answer", "Cancelled", "Done", "EngineClient", "Failed", "Ready", "Told"]
