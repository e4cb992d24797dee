"""Clips from sentences by the thousand: what is asked, who makes it, what is written beside each clip."""
