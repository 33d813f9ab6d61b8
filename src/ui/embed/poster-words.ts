// What an embed says before its scripts are there.

export const posterWords = {
  play: { en: 'Play', zh: '播放' },
  starting: { en: 'Starting …', zh: '启动中……' },
  open: { en: 'Open in PostDB Lab', zh: '在 PostDB Lab 中打开' },
  version: {
    en: 'This embed is of a later version of PostDB Lab than the one that is installed here. Open it with a newer one.',
    zh: '此嵌入内容来自比此处更新的 PostDB Lab 版本，请用更新的版本打开。',
  },
  damaged: {
    en: 'The address of this embed is damaged or cut off: copy its snippet again from Share.',
    zh: '此嵌入内容的地址已损坏或被截断：请从“分享”中重新复制代码。',
  },
  failed: { en: 'This embed could not be started:', zh: '无法启动此嵌入内容：' },
} as const;
