"""What a double click runs, in the form each system wants it; the texts are in `resources/launcher`."""
