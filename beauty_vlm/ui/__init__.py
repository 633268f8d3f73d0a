"""The web page of Beauty VLM. Only this package imports gradio."""

import os

# Gradio reads this when it is imported; its analytics would look up outside hosts.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
