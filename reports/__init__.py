"""Reports: a snapshot and a layout become a document, a document becomes PDF, Excel or HTML."""
